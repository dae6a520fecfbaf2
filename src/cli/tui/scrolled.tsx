import { Box, type DOMElement, measureElement } from 'ink';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { useDesk } from './desk.js';
import { useKeys } from './use-keys.js';

/** Text that scrolls with the arrow keys if it does not fit. */
export function Scrolled({ children }: { children: ReactNode }): ReactNode {
  const { columns, rows } = useDesk();
  const [from, moveTo] = useState(0);
  const [last, setLast] = useState(0);
  const [place, text] = [useRef<DOMElement>(null), useRef<DOMElement>(null)];
  useLayoutEffect(() => {
    const [room, height] = [place, text].map(({ current }) => (current ? measureElement(current).height : 0));
    setLast(Math.max(0, height! - room!));
  }, [children, columns, rows]);
  const moveBy = (by: number): void => moveTo((at) => Math.min(Math.max(at + by, 0), last));
  useKeys((_input, key) => {
    if (key.upArrow) moveBy(-1);
    if (key.downArrow) moveBy(1);
    if (key.pageUp) moveBy(-rows);
    if (key.pageDown) moveBy(rows);
  });
  return (
    <Box ref={place} flexGrow={1} flexBasis={0} flexDirection="column" overflow="hidden">
      <Box ref={text} flexShrink={0} marginTop={-Math.min(from, last)} flexDirection="column">
        {children}
      </Box>
    </Box>
  );
}
