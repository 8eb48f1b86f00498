// Commands of npm's `tsdav` as JSON lines: each line of input is [method, ...arguments], each line of
// output {value} or {error}. Collections are named by their address once they have been listed.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [module, serverUrl, username, password, accountType] = process.argv.slice(2);
const tsdav = await import(pathToFileURL(module));
const { DAVClient } = tsdav.default ?? tsdav;
const client = new DAVClient({
  serverUrl,
  credentials: { username, password },
  authMethod: "Basic",
  defaultAccountType: accountType,
});
const known = new Map();

const collection = (url) => known.get(url);
const keep = (list) => {
  for (const one of list) known.set(one.url, one);
  return list.map(({ url, displayName, ctag, syncToken, components }) => ({
    url,
    displayName,
    ctag,
    syncToken,
    components,
  }));
};
const objects = (list) => list.map(({ url, etag, data }) => ({ url, etag, data }));

const commands = {
  login: async () => {
    await client.login();
    const { principalUrl, homeUrl, rootUrl } = client.account;
    return { principalUrl, homeUrl, rootUrl };
  },
  calendars: async () => keep(await client.fetchCalendars()),
  books: async () => keep(await client.fetchAddressBooks()),
  events: async (url, more) =>
    objects(await client.fetchCalendarObjects({ calendar: collection(url), ...more })),
  cards: async (url) => objects(await client.fetchVCards({ addressBook: collection(url) })),
  dirty: async (url) => client.isCollectionDirty({ collection: collection(url) }),
  // what a program keeps of a collection is what the last sync gave
  sync: async (url) => {
    const before = collection(url);
    const after = await client.smartCollectionSync({
      collection: { ...before, objects: before.objects ?? [], objectMultiGet: (asked) => client.calendarMultiGet(asked) },
      method: "webdav",
      detailedResult: true,
    });
    const all = [...after.objects.created, ...after.objects.updated];
    const gone = after.objects.deleted.map((one) => one.url);
    const kept = (before.objects ?? []).filter(
      (old) => !gone.includes(old.url) && !all.some((one) => one.url === old.url),
    );
    known.set(url, { ...before, ...after, objects: [...kept, ...all] });
    return { created: objects(after.objects.created), updated: objects(after.objects.updated), deleted: gone };
  },
  create: async (url) => {
    const iCalString = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n";
    const answer = await client.createCalendarObject({
      calendar: collection(url),
      filename: "new.ics",
      iCalString,
    });
    return answer.status;
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...rest] = JSON.parse(line);
  let answer;
  try {
    answer = { value: (await commands[name](...rest)) ?? null };
  } catch (error) {
    answer = { error: String(error.message) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
