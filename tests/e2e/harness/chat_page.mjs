// Seed 004's page, played with the stock client as the page opens it: the cookie of its login, its user in the query, no dialect, no
// acknowledgements. Tests that read what the server decided ask for one by `does`.
import { io } from 'sio';
import { aPerson } from './accounts.mjs';
import { eventually, within } from './wait.mjs';

/** What the page listens for, and what else its sockets are sent. */
export const kChatEvents = ['getonline', 'newMessage', 'incoming-call', 'call-answered', 'call-rejected', 'call-ended', 'end-call', 'call-timeout', 'ice-candidate', 'typing', 'chat-error'];
export const kCallEvents = kChatEvents.filter((event) => !['getonline', 'newMessage', 'typing'].includes(event));

export const cookieOf = ({ cookie }) => cookie.split(';')[0];

/** A page of this person; `options` as of io(). */
export async function aPage(person, options = {}) {
  const page = io(person.url, {
    forceNew: true, reconnection: false, query: { userId: person.id }, extraHeaders: { cookie: cookieOf(person) }, ...options,
  });
  page.log = [];
  page.name = person.name;
  page.onAny((event, payload) => page.log.push([event, payload, Date.now()]));
  page.next = (event, fits = () => true) =>
    eventually(() => page.log.find(([name, payload]) => name === event && fits(payload))?.[1], `${page.name} hearing ${event}; heard ${JSON.stringify(page.log)}`);
  page.all = (event) => page.log.filter(([name]) => name === event).map(([, payload]) => payload);
  page.when = (event) => page.log.find(([name]) => name === event)[2];
  page.calls = () => page.log.map(([name]) => name).filter((name) => kCallEvents.includes(name));
  page.does = (event, payload = {}) => within(page.emitWithAck(event, payload), `an answer to ${event}`);
  /** The network goes away: no DISCONNECT packet, the transport just ends. */
  page.loseTransport = () => page.io.engine.close();
  await within(new Promise((resolve, reject) => {
    page.once('connect', resolve);
    page.once('connect_error', reject);
  }), 'a connection');
  return page;
}

export async function twoPages(url) {
  const [ann, ben] = [await aPerson(url), await aPerson(url)];
  const [annPage, benPage] = [await aPage(ann), await aPage(ben)];
  return { ann, ben, annPage, benPage };
}
/** As the page does it. */
export const callUser = (page, from, to, more = {}) => page.emit('call-user', { to: to.id, from: from.id, name: from.name, ...more });

/** The last list says exactly this. */
export const showsOnline = (page, people) => {
  const wanted = people.map(({ id }) => id).sort();
  return eventually(() => JSON.stringify([...(page.all('getonline').at(-1) ?? [])].sort()) === JSON.stringify(wanted), `${page.name} to see ${people.map(({ name }) => name)} online; saw ${JSON.stringify(page.all('getonline').at(-1))}`);
};
/** The last list has these, and not those; others may be there. */
export const showsAmong = (page, { here = [], away = [] }) => eventually(() => {
  const last = page.all('getonline').at(-1) ?? [];
  return here.every(({ id }) => last.includes(id)) && away.every(({ id }) => !last.includes(id));
}, `${page.name} to see ${here.map(({ name }) => name)} and not ${away.map(({ name }) => name)}`);
