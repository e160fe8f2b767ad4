/** Characters at the end that stay visible. */
const visible = 4;

/** A secret as it may be shown: dots and its last four characters; only dots when it is too short for that. */
export const maskSecret = (secret: string): string =>
  secret.length >= 4 * visible ? `••••${secret.slice(-visible)}` : '••••';
