// Initials on a colour that stays with the person: the same twelve colours as in the operators' workspace.

const COLOURS = "5b5bd6 0b7285 b4461f 2b7a3f a6336f 3a5fcd 7c4bb8 8a5a00 1d7468 b4323c 52637a 6b6a1f".split(
  " ",
);

interface Props {
  name: string;
  color?: number | null;
}

export function Avatar({ name, color }: Props) {
  const words = name.trim().split(/\s+/);
  const initials = [words[0], words.length > 1 ? words[words.length - 1] : ""]
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toUpperCase();
  return (
    <span
      class="avatar"
      style={{ background: `#${COLOURS[Math.abs(Math.trunc(color ?? name.length)) % 12]}` }}
      aria-hidden="true"
    >
      {initials}
    </span>
  );
}
