/** Settings of a server that is called as often as a test likes. */
export const unlimited = {
  GTR_FAILURES_PER_MINUTE: '0',
  GTR_SIGN_IN_TRIES: '0',
  GTR_CALLS_PER_MINUTE: '0',
  GTR_TOTAL_CALLS_PER_MINUTE: '0',
  GTR_RECORDS_PER_MINUTE: '0',
};
