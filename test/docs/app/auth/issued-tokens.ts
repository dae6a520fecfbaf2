interface Token {
  clientId: string;
  scope: string;
  userId?: string;
}

export abstract class IssuedTokens {
  abstract findLive(value: string): Promise<Token | undefined>;
}
