import type { ConversationId } from '../../state/model.ts';

export interface NewGroupProps {
  readonly onClose: () => void;
  /** The group is made; the caller opens it. */
  readonly onCreated: (conversation: ConversationId) => void;
}

/** The dialog `New group`. It is open as long as it is mounted. */
export function NewGroup(props: NewGroupProps) {
  void props;
  return null;
}
