// @belfry/client: calls and messages of a Belfry server in any page, without React. What can be done is in `Belfry.actions`, what is known in
// its state; the types of both are those of the product's own client.
export { connect, ConnectError } from './connect.ts';
export type { Belfry, Events, Options } from './connect.ts';
export type { Token } from './addresses.ts';
export type * from '../src/state/model.ts';
export type { CallActions, ChatActions, Done, Preview, Refusal, Streams } from '../src/state/actions.ts';

// For those who put the parts together themselves: the wire, the state, and what the server's events mean.
export { hear } from '../src/wire/events.ts';
export type { EventName, NativeEvents } from '../src/wire/events.ts';
export { makeLink } from '../src/wire/link.ts';
export type { LinkParts, Network, RealLink } from '../src/wire/link.ts';
export { realClock } from '../src/wire/ports.ts';
export type { Answer, Clock, Link, LinkState, Rest, WireError } from '../src/wire/ports.ts';
export { callFrom, conversationFrom, messageFrom, personFrom } from '../src/wire/shapes.ts';
export { createStore } from '../src/state/store.ts';
export type { Store } from '../src/state/store.ts';
export { restAt, socketAt } from './addresses.ts';
