/** The title of the window, and what a browser's tab shows of it. */
export const documentWords = {
  app: 'Belfry',
  unread: (total: number): string => `(${total}) Belfry`,
  calling: (name: string): string => `${name} is calling · Belfry`,
  inCall: (name: string): string => `In call with ${name} · Belfry`,
};
