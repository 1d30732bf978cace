// A key or a chord as small caps: "mod+enter" -> Ctrl Enter (or ⌘ on a Mac), "g m" -> G M.
import styles from "./keys.module.css";

const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);
const names: Record<string, string> = {
  mod: mac ? "⌘" : "Ctrl",
  shift: mac ? "⇧" : "Shift",
  enter: mac ? "↩" : "Enter",
  esc: "Esc",
  up: "↑",
  down: "↓",
};

export function Keys({ keys, onDark = false }: { keys: string; onDark?: boolean }) {
  const parts = keys.split(/[ +]/).filter(Boolean);
  return (
    <span className={styles.keys} data-on-dark={onDark || undefined} aria-hidden="true">
      {parts.map((part) => (
        <kbd key={part}>{names[part] ?? part.toUpperCase()}</kbd>
      ))}
    </span>
  );
}
