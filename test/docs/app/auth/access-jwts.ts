export abstract class AccessJwts {
  abstract verify(authorization: string | undefined): Promise<{ sub: string; epoch: string }>;
}
