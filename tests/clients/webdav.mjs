// Commands of npm's `webdav` as JSON lines: each line of input is [method, ...arguments], each line
// of output {value} or {error, status}. Bodies travel as base64.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [module, address, username, password] = process.argv.slice(2);
const { createClient } = await import(pathToFileURL(module));
const client = createClient(address, { username, password });

const whole = async (stream) => {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
};

const commands = {
  get: async (path) => client.getFileContents(path),
  range: async (path, start, end) => whole(client.createReadStream(path, { range: { start, end } })),
  put: async (path, text) => client.putFileContents(path, text),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...rest] = JSON.parse(line);
  let answer;
  try {
    let value = await (commands[name] ? commands[name](...rest) : client[name](...rest));
    if (Buffer.isBuffer(value) || value instanceof ArrayBuffer) value = Buffer.from(value).toString("base64");
    answer = { value };
  } catch (error) {
    answer = { error: String(error.message), status: error.status ?? null };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
