import { useStdout } from 'ink';
import { useEffect, useState } from 'react';

/** Size of a terminal, in characters. */
export interface Size {
  columns: number;
  rows: number;
}

/** How large the terminal is, also after somebody has changed that. */
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
