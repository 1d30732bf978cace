// Writing first: the line it leaves from, whom to, the subject, the words.
import { lazy, Suspense } from "react";

const Dialog = lazy(() => import("./new-conversation-dialog.tsx"));

export function NewConversation(props: { line: string | undefined; onClose: () => void }) {
  return (
    <Suspense>
      <Dialog {...props} />
    </Suspense>
  );
}
