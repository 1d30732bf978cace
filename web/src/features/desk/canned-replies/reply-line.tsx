// A canned reply in a list: what it is called, and how it begins.
import type { CannedReply } from "@/api/types.ts";
import styles from "./canned-replies.module.css";

export function ReplyLine({ reply }: { reply: CannedReply }) {
  return (
    <>
      <span className={styles.names}>
        <span className={styles.name}>{reply.name}</span>
        <code className={styles.short}>/{reply.short_name}</code>
      </span>
      <span className={styles.words}>{reply.text}</span>
    </>
  );
}
