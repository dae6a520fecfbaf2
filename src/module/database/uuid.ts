const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Returns whether a text is one of our ids. Others need no look-up, and some, such as those with NUL, make it fail. */
export const isUuid = (text: string): boolean => UUID.test(text);
