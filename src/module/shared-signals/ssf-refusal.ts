/** A refusal of the management API: its status, and what to change. */
export class SsfRefusal extends Error {
  /**
   * @param error wire value of `error`
   * @param retryAfter seconds to wait before the next try
   * @param scope that the token lacks
   */
  constructor(
    readonly status: number,
    readonly error: string,
    description: string,
    readonly retryAfter?: number,
    readonly scope?: string,
  ) {
    super(description);
  }
}

/** The request is not what the specification says. */
export const invalid = (description: string): SsfRefusal => new SsfRefusal(400, 'invalid_request', description);

/** One text for streams that do not exist and those of others. */
export const noStream = (): SsfRefusal =>
  new SsfRefusal(404, 'not_found', 'the receiver has no stream with this stream_id');
