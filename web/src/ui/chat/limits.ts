/** As long as the server takes a group's name. */
export const kMaxTitle = 100;
