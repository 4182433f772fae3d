// Reading JSON of which only the form is known by promise: each function gives the value if it is what it should be, else null.
import { readableName } from '../sw/names.ts';

export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

export function member(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

export function text(value: unknown, name: string): string | null {
  const found = member(value, name);
  return typeof found === 'string' ? found : null;
}

/** Text that says something: the empty one counts as absent. */
export const words = (value: unknown, name: string): string | null => text(value, name) || null;

/** A name that people gave, if anything of it can be seen. */
export const nameIn = (value: unknown, name: string): string | null => readableName(text(value, name) ?? '');

export function number(value: unknown, name: string): number | null {
  const found = member(value, name);
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
}

export const flag = (value: unknown, name: string): boolean => member(value, name) === true;

/** The elements of a list that `each` can read; what it cannot read is left out. */
export function list<T>(value: unknown, name: string, each: (element: unknown) => T | null): T[] {
  const found = member(value, name);
  if (!Array.isArray(found)) return [];
  const read: T[] = [];
  for (const element of found) {
    const one = each(element);
    if (one !== null) read.push(one);
  }
  return read;
}

export function oneOf<T extends string>(value: unknown, name: string, choices: readonly T[]): T | null {
  const found = member(value, name);
  return choices.find((choice) => choice === found) ?? null;
}
