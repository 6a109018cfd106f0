import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalText,
  toMarkdown,
  toMrkdwn,
  toPlain,
} from '../../../../functions/channels/slack/mapping/text.ts';

describe('slack text: from Markdown', () => {
  it.each([
    ['plain text stays as it is', 'one\n\n\n  two  three', 'one\n\n\n  two  three'],
    ['CRLF becomes a line feed', 'a\r\nb', 'a\nb'],
    ['specials become entities', 'a < b && c > d', 'a &lt; b &amp;&amp; c &gt; d'],
    ['an entity is a text like any other', '&lt;', '&amp;lt;'],
    ['bold, italic and struck', '**a** *b* ~~c~~', '\u200B*a*\u200B \u200B_b_\u200B \u200B~c~\u200B'],
    ['a link', '[page](https://x.example/?a=1&b=2)', '<https://x.example/?a=1&amp;b=2|page>'],
    [
      'a bare link beside markup',
      '**a** https://x.example/?a=1&b=2',
      '\u200B*a*\u200B <https://x.example/?a=1&amp;b=2>',
    ],
    ['an automatic link', '<https://x.example> *a*', '<https://x.example> \u200B_a_\u200B'],
    ['a heading', '# Title', '*Title*'],
    ['a list', '- a\n- b', '•   a\n•   b'],
    ['a quote', '> a < b\n> c', '> a &lt; b\n> c'],
    ['code', '`a < b`', '`a &lt; b`'],
    ['a block of code', '```\na < b\n```', '```\na &lt; b\n```'],
    ['an image', '![lamp](https://x.example/l.png)', '<https://x.example/l.png|lamp>'],
    ['a link nobody should follow', '[x](javascript:alert(1))', 'x'],
    ['an address the converter cannot take', '**a** https://x.example/%', '**a** https://x.example/%'],
    ['non-ASCII', '**Grüße** 日本 😀', '\u200B*Grüße*\u200B 日本 😀'],
    ['multiplication', '5 * 3 * 2', '5 * 3 * 2'],
    ['a snake', 'snake_case_name', 'snake_case_name'],
    ['lists in lists', '1. a\n   - b\n\n     c\n2. d', '1.  a\n    •   b\n\n        c\n2.  d'],
    ['a hard break', 'a\\\n**b**', 'a\n\u200B*b*\u200B'],
    ['a link by reference', '[x] **a**\n\n[x]: https://x.example', '<https://x.example|x> \u200B*a*\u200B'],
    ['a footnote is not lost', 'a[^1] *b*\n\n[^1]: note', 'a[^1] \u200B_b_\u200B\n\n[^1]: note'],
    ['a table stays the text it is', '| a | b |\n| - | - |\n| 1 | 2 |', '| a | b |\n| - | - |\n| 1 | 2 |'],
    ['an address written for an address', '[a](https://x.example/%2Fb)', '<https://x.example/%2Fb|a>'],
    ['a rule', '**a**\n\n---\n\nb', '\u200B*a*\u200B\n\n———\n\nb'],
    ['an HTML comment is not lost', '**a** <!-- b -->', '\u200B*a*\u200B &lt;!-- b --&gt;'],
  ])('%s', (_, markdown, mrkdwn) => {
    expect(toMrkdwn(markdown)).toBe(mrkdwn);
  });

  const attacks = [
    '<!channel>',
    '<!here|here>',
    '<!everyone>',
    '<@U0ADA000001>',
    '<#C0SUPPORT01>',
    '<!subteam^S0TEAM0001>',
    '<!date^0^x|y>',
    '[<!channel>](https://x.example)',
    '![<!channel>](https://x.example)',
    '[x](<!channel>)',
    '[x](https://x.example/|<!channel>)',
    '`<!channel>`',
    '```\n<!channel>\n```',
    '\\<!channel>',
    '> <!channel>',
    '<<!channel>>',
    '<https://x.example|<!channel>>',
    '<https://x.example\n<!channel>',
    '[a]: <!channel>\n[a]',
    '<b><!channel></b>',
  ];
  it.each(attacks)('takes the power from %s', (attack) => {
    for (const text of [attack, `**bold** ${attack}`, `a\n\n${attack} *b*`])
      expect(toMrkdwn(text)).not.toMatch(/<[@#!]/u);
  });

  it('takes it from every text made of such pieces', () => {
    const pieces = fc.constantFrom(
      ...attacks,
      '<',
      '>',
      '&',
      '|',
      '*',
      '**',
      '`',
      '\n',
      '\n> ',
      ' ',
      'a',
      '\uFDD1',
      '[',
      '](',
      ')',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        expect(toMrkdwn(parts.join(''))).not.toMatch(/<[@#!]/u);
      }),
      { numRuns: 500 },
    );
  });

  it('lets no bare angle bracket through but those of a link and a quote', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'<>&*_`[]()!@#|/:.a \n-'), maxLength: 40 }),
        (text) => {
          const rest = toMrkdwn(text)
            .replace(/<(?:https?|mailto|ftp):[^<>\n]*>/gu, '')
            .replace(/^(?:> ?)+/gmu, '');
          expect(rest).not.toMatch(/[<>]/u);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('slack text: from Markdown that would cost the converter seconds to minutes', () => {
  it.each([
    ['emphasis never closed', '*a_'.repeat(10_000)],
    ['emphasis around emphasis', `${'*'.repeat(15_000)}a${'*'.repeat(15_000)}`],
    ['a list in a list in a list', '1) '.repeat(10_000)],
    ['quotes of quotes', `${'>'.repeat(30_000)}a`],
    ['links in links', '[a]('.repeat(8_000)],
    ['a list of thousands', '- a\n'.repeat(8_000)],
    ['thousands of paragraphs', `*a*${'\n\nb'.repeat(10_000)}`],
  ])('%s goes out as it is', (_, markdown) => {
    const plain = markdown.replaceAll('>', '&gt;').trimEnd();

    expect(toMrkdwn(markdown)).toBe(plain);
  });

  it('is not what a person writes: a long report keeps its form', () => {
    const report = Array.from({ length: 100 }, (_, at) => `- **step ${at}**: see \`log_${at}\``).join('\n');

    expect(toMrkdwn(report)).toContain('•   \u200B*step 99*\u200B');
  });
});

describe('slack text: to Markdown', () => {
  it.each([
    ['entities once', '&amp;lt; &lt; &gt; &amp;', '&lt; < > &'],
    ['bold and struck', '*a b* and ~c~.', '**a b** and ~~c~~.'],
    ['italic', '_a_', '_a_'],
    ['arithmetic', '5 * 3 * 2 ~ 30', '5 * 3 * 2 ~ 30'],
    ['a word with stars inside', 'a*b*c', 'a*b*c'],
    ['a named link', '<https://x.example?a=1&amp;b=2|page>', '[page](https://x.example?a=1&b=2)'],
    ['a bare link', '<https://x.example>', 'https://x.example'],
    ['an address', '<mailto:a@x.example|a@x.example>', 'a@x.example'],
    ['a telephone number', '<tel:+15550100|+1 555 0100>', '[+1 555 0100](tel:+15550100)'],
    [
      'mentions by name',
      '<@U0ADA000001|ada> <#C0SUPPORT01|support> <!subteam^S1|@team>',
      '@ada #support @team',
    ],
    [
      'mentions without one',
      '<@U0ADA000001> <#C0SUPPORT01> <!here> <!subteam^S1>',
      '@U0ADA000001 #C0SUPPORT01 @here @subteam',
    ],
    ['a date by its words', '<!date^1772359200^{date}|1 March>', '1 March'],
    ['what is no control sequence', 'a <b> c', 'a <b> c'],
    ['code untouched', '`*a* &lt;b&gt;` *c*', '`*a* <b>` **c**'],
    ['a link in code', '```see <https://x.example|x>```', '```see https://x.example```'],
    ['CRLF', 'a\r\nb', 'a\nb'],
    ['a quote', '&gt; a', '> a'],
  ])('%s', (_, mrkdwn, markdown) => {
    expect(toMarkdown(mrkdwn)).toBe(markdown);
  });

  it('leaves one line without markup', () => {
    expect(toPlain('*a* <https://x.example|page> <@U1|ada> `c` &amp; _d_')).toBe('a page @ada c & d');
  });
});

describe('slack text: there and back', () => {
  const plain = fc
    .string({ unit: 'grapheme', maxLength: 80 })
    .filter((text) => !/[*_~`\\\r\u200B\uFDD0-\uFDD2]|\]\(|^ {0,3}(?:#|>|[-+]|\d|=)|\s$/mu.test(text));

  it('gives plain text back as it was', () => {
    fc.assert(
      fc.property(plain, (text) => {
        expect(toMarkdown(toMrkdwn(text))).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is stable: what came back is projected to the same text', () => {
    fc.assert(
      fc.property(plain, (text) => {
        const once = toMrkdwn(text);
        expect(toMrkdwn(toMarkdown(once))).toBe(once);
      }),
    );
  });

  it.each(['**a** and ~~b~~', '[page](https://x.example/?a=1&b=2)', '`a < b` & **c**', '> quoted\n> twice'])(
    'gives %s back as it was',
    (markdown) => {
      expect(toMarkdown(toMrkdwn(markdown))).toBe(markdown);
    },
  );

  it('has a canonical form that does not change when taken again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const once = canonicalText(text);
        expect(canonicalText(once)).toBe(once);
      }),
    );
  });

  it('comes to an end with hostile text of a message’s full length', () => {
    const pieces = ['<', '*a', ' *a', '~', '`', '```', '[', '![', '> ', '<!', '&', '_*', ' ', '\u200B*a'];

    for (const piece of pieces) {
      const text = piece.repeat(Math.floor(39_000 / piece.length));
      expect(toMarkdown(`${text}x`)).toMatch(/x$/u);
      expect(toPlain(`${text}x`)).toMatch(/x$/u);
      expect(canonicalText(`${text}x`)).toMatch(/x$/u);
    }
  });
});
