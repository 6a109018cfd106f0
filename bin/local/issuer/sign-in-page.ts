import type { DemoUser } from './people.ts';

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const STYLE = `
:root{color-scheme:light dark;--ink:#16202b;--dim:#52606d;--paper:#f6f7f9;--card:#fff;--line:#d9dee4;--accent:#1f5fbf}
@media(prefers-color-scheme:dark){:root{--ink:#e8ecf1;--dim:#9aa7b4;--paper:#10151b;--card:#171e26;--line:#2b3642;--accent:#7fb0ff}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px;background:var(--paper);
color:var(--ink);font:16px/1.5 system-ui,sans-serif}main{width:min(420px,100%)}h1{font-size:1.35rem;margin:0 0 4px}
p{margin:0 0 20px;color:var(--dim)}h2{font-size:.8rem;letter-spacing:.04em;color:var(--dim);margin:20px 0 8px}
button{display:block;width:100%;text-align:left;padding:12px 14px;margin:0 0 8px;background:var(--card);color:inherit;
border:1px solid var(--line);border-radius:10px;font:inherit;cursor:pointer}button:hover{border-color:var(--accent)}
button:focus-visible{outline:3px solid var(--accent);outline-offset:2px}small{display:block;color:var(--dim)}`;

function button({ id, name, title, email }: DemoUser): string {
  return `<button name="user" value="${escaped(id)}">${escaped(name)}<small>${escaped(title)} · ${escaped(email)}</small></button>`;
}

/** Development only: whoever reaches this loopback page may be anybody listed on it. */
export function signInPage(users: readonly DemoUser[], action: string): string {
  const organizations = [...new Set(users.map(({ organizationName }) => organizationName))];
  const groups = organizations.map((name) => {
    const members = users.filter(({ organizationName }) => organizationName === name);
    return `<h2>${escaped(name)}</h2>${members.map(button).join('')}`;
  });
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign in · Deskbridge development issuer</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><style>${STYLE}</style></head><body><main>
<h1>Who are you today?</h1><p>This is the development issuer. It asks for no password and runs on this machine only.</p>
<form method="post" action="${escaped(action)}">${groups.join('')}</form></main></body></html>`;
}
