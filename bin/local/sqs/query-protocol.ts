/** Lists that the form-encoded protocol flattens as `Prefix.1.…`, by their name in the JSON protocol. */
const lists: Readonly<Record<string, string>> = {
  AttributeName: 'AttributeNames',
  MessageAttributeName: 'MessageAttributeNames',
  MessageSystemAttributeName: 'MessageSystemAttributeNames',
  SendMessageBatchRequestEntry: 'Entries',
  DeleteMessageBatchRequestEntry: 'Entries',
  ChangeMessageVisibilityBatchRequestEntry: 'Entries',
};
const maps: Readonly<Record<string, string>> = {
  Attribute: 'Attributes',
  MessageAttribute: 'MessageAttributes',
  Tag: 'tags',
};
const numbers =
  /^(MaxNumberOfMessages|VisibilityTimeout|WaitTimeSeconds|DelaySeconds|MaxResults|MaxNumberOfMessagesPerSecond)$/;

type Json = Record<string, unknown>;

/**
 * A form-encoded SQS request as the JSON protocol says it. Older clients name the queue by the path.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-xml.html
 */
export function queryToJson(form: URLSearchParams, path: string): Json {
  const tree: Json = {};
  for (const [name, value] of form) {
    if (name !== 'Action' && name !== 'Version') plant(tree, name.split('.'), value);
  }
  const input = translate(tree);
  return 'QueueUrl' in input || path === '/' ? input : { ...input, QueueUrl: path };
}

function plant(tree: Json, path: readonly string[], value: string): void {
  const [head = '', ...rest] = path;
  if (rest.length === 0) {
    tree[head] = value;
    return;
  }
  tree[head] ??= {};
  plant(tree[head] as Json, rest, value);
}

function translate(tree: Json): Json {
  return Object.fromEntries(
    Object.entries(tree).map(([name, value]) => {
      if (typeof value === 'string') return [name, numbers.test(name) ? Number(value) : value];
      const items = Object.values(value as Json);
      const list = lists[name];
      if (list !== undefined) return [list, items.map((item) => (isTree(item) ? translate(item) : item))];
      const map = maps[name];
      return map === undefined ? [name, value] : [map, Object.fromEntries(items.map(pairOf))];
    }),
  );
}

/** `Attribute.1.Name=…&Attribute.1.Value=…`, or Key and Value for tags; a message attribute's value is a tree. */
function pairOf(item: unknown): [string, unknown] {
  const { Name, Key, Value } = item as Json;
  return [String(Name ?? Key), Value];
}

/** An answer of the JSON protocol as XML; lists are flattened under their singular. */
export function xmlOf(action: string, answer: unknown): string {
  const body = Object.entries((answer ?? {}) as Json)
    .map(([name, value]) => elementsOf(name, value))
    .join('');
  const metadata = `<ResponseMetadata>${requestId}</ResponseMetadata>`;
  return (
    `<?xml version="1.0"?><${action}Response xmlns="${namespace}">` +
    `<${action}Result>${body}</${action}Result>${metadata}</${action}Response>`
  );
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-xml.html */
export function errorXmlOf(code: string, message: string, isSenders: boolean): string {
  const error = { Type: isSenders ? 'Sender' : 'Receiver', Code: code, Message: message };
  return (
    `<?xml version="1.0"?><ErrorResponse xmlns="${namespace}">` +
    `${elementsOf('Error', error)}${requestId}</ErrorResponse>`
  );
}

const namespace = 'http://queue.amazonaws.com/doc/2012-11-05/';
const requestId = '<RequestId>00000000-0000-0000-0000-000000000000</RequestId>';

const singular: Readonly<Record<string, string>> = {
  Messages: 'Message',
  QueueUrls: 'QueueUrl',
  queueUrls: 'QueueUrl',
  Successful: 'BatchResultEntry',
  Failed: 'BatchResultErrorEntry',
  Results: 'Result',
};

function elementsOf(name: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map((item) => elementsOf(singular[name] ?? name, item)).join('');
  if (name === 'Attributes' || name === 'MessageAttributes') {
    return Object.entries(value as Json)
      .map(
        ([key, item]) =>
          `<${name.slice(0, -1)}>${elementsOf('Name', key)}${elementsOf('Value', item)}</${name.slice(0, -1)}>`,
      )
      .join('');
  }
  if (isTree(value)) {
    const inner = Object.entries(value).map(([key, item]) => elementsOf(key, item));
    return `<${name}>${inner.join('')}</${name}>`;
  }
  return `<${name}>${escapeXml(String(value))}</${name}>`;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function isTree(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
