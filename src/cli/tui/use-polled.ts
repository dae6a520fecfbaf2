import { useEffect, useRef, useState } from 'react';

/** A value that is read repeatedly. */
export interface Polled<T> {
  /** The last value; undefined before the first. */
  value: T | undefined;
  /** Why the last read failed. */
  error: unknown;
  /** Reads the value now. */
  again: () => void;
}

/** Reads a value now, and again after each interval. The last value stays if a later read fails. */
export function usePolled<T>(read: () => Promise<T>, everyMs: number): Polled<T> {
  const [state, setState] = useState<Pick<Polled<T>, 'value' | 'error'>>({ value: undefined, error: undefined });
  const [turn, setTurn] = useState(0);
  const latest = useRef(read);
  latest.current = read;
  useEffect(() => {
    let isOver = false;
    let timer: NodeJS.Timeout | undefined;
    const once = async (): Promise<void> => {
      try {
        const value = await latest.current();
        if (!isOver) setState({ value, error: undefined });
      } catch (error) {
        if (!isOver) setState(({ value }) => ({ value, error }));
      }
      if (!isOver) timer = setTimeout(() => void once(), everyMs);
    };
    void once();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [everyMs, turn]);
  return { ...state, again: () => setTurn((before) => before + 1) };
}
