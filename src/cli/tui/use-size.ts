import { useStdout } from 'ink';
import { useEffect, useState } from 'react';

/** The size of a terminal, in characters. */
export interface Size {
  columns: number;
  rows: number;
}

/** Returns the size of the terminal, and follows changes. */
export function useSize(): Size {
  const { stdout } = useStdout();
  const read = (): Size => ({ columns: stdout.columns, rows: stdout.rows });
  const [size, setSize] = useState(read);
  useEffect(() => {
    const resized = (): void => setSize(read());
    stdout.on('resize', resized);
    return () => void stdout.off('resize', resized);
  }, [stdout]);
  return size;
}
