// Files that are dropped on the pane are sent. The offer is shown while something is held over it.
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import type { ConversationId } from '../../state/model.ts';
import { useActions, useGetState } from '../use.ts';
import { chatWords } from '../words/chat.en.ts';
import { sortFiles } from './attach.ts';
import { useIsMember } from './membership.ts';
import css from './ChatPane.module.css';

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');

export function DropZone({ conversationId, children }: { readonly conversationId: ConversationId; readonly children: ReactNode }) {
  const actions = useActions();
  const getState = useGetState();
  const member = useIsMember(conversationId);
  const [over, setOver] = useState(false);
  // Each child that the pointer crosses enters and leaves once: only the sum tells whether it is still over the pane.
  const depth = useRef(0);

  const leave = () => {
    depth.current = 0;
    setOver(false);
  };
  const drop = (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    leave();
    const { fit, faults } = sortFiles([...event.dataTransfer.files], getState().maxFileBytes);
    for (const file of fit) actions.attach(conversationId, file);
    for (const fault of faults) actions.toast('error', fault);
  };
  if (!member) return <div className={css['body']}>{children}</div>;
  return (
    <div className={css['body']}
      onDragEnter={(event) => {
        if (!carriesFiles(event)) return;
        depth.current += 1;
        setOver(true);
      }}
      onDragOver={(event) => { if (carriesFiles(event)) event.preventDefault(); }}
      onDragLeave={() => {
        depth.current = Math.max(0, depth.current - 1);
        if (depth.current === 0) setOver(false);
      }}
      onDrop={drop}>
      {children}
      {over && <div className={css['drop']} aria-hidden="true"><p>{chatWords.dropHere}</p></div>}
    </div>
  );
}
