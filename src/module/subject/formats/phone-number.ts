/** A number in international form, as it is. @see RFC 9493 §3.2.5, ITU-T E.164 §6 */
export const exactPhoneNumber = (number: string): string | undefined =>
  /^\+[1-9][0-9]{1,14}$/.test(number) ? number : undefined;
