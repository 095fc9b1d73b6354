// Owns how an application password goes with a request.

/** The value of an `Authorization` header: Basic authentication with an application password (WordPress 5.6). */
export function toAuthorization(credentials: {
  readonly username: string;
  readonly applicationPassword: string;
}): string {
  const { username, applicationPassword } = credentials;
  return `Basic ${Buffer.from(`${username}:${applicationPassword}`).toString('base64')}`;
}
