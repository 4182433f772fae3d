/** What is said of requests of the pages around that failed. */
export const sessionWords = {
  away: 'The server cannot be reached. Try again in a moment.',
  signedOutElsewhere: 'You were signed out elsewhere.',
  failed: 'That did not work. Try again in a moment.',
};
