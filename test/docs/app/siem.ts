export abstract class Siem {
  abstract send(event: object): void;
}
