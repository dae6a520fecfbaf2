import { useEffect, useRef, useState } from 'react';

/** Something that is read again and again. */
export interface Polled<T> {
  /** As it was read last; undefined: not yet. */
  value: T | undefined;
  /** Why the last try failed. */
  fault: unknown;
  /** Reads it now. */
  again: () => void;
}

/** Reads now and each so many milliseconds after the last answer. What was read stays while a later try fails. */
export function usePolled<T>(read: () => Promise<T>, everyMs: number): Polled<T> {
  const [state, setState] = useState<Pick<Polled<T>, 'value' | 'fault'>>({ value: undefined, fault: undefined });
  const [turn, setTurn] = useState(0);
  const latest = useRef(read);
  latest.current = read;
  useEffect(() => {
    let isOver = false;
    let timer: NodeJS.Timeout | undefined;
    const once = async (): Promise<void> => {
      try {
        const value = await latest.current();
        if (!isOver) setState({ value, fault: undefined });
      } catch (fault) {
        if (!isOver) setState(({ value }) => ({ value, fault }));
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
