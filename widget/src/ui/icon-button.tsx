// A button that shows only an icon; its name is read out and shown on hover.

import type { ButtonHTMLAttributes } from "preact";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  label: string;
}

export function IconButton({ label, class: look = "icon-button", ...rest }: Props) {
  return <button type="button" class={look} aria-label={label} title={label} {...rest} />;
}
