// A button that is only an icon: always with a name for screen readers and a tooltip, with its key when it has one.
import { ActionIcon, type ActionIconProps, Tooltip } from "@mantine/core";
import type { ComponentPropsWithoutRef, ReactNode, Ref } from "react";
import { Keys } from "./keys.tsx";

interface Props extends ActionIconProps, Omit<ComponentPropsWithoutRef<"button">, keyof ActionIconProps> {
  label: string;
  keys?: string;
  children: ReactNode;
  ref?: Ref<HTMLButtonElement>;
  tooltipPosition?: "top" | "bottom" | "left" | "right";
}

export function IconButton({ label, keys, children, tooltipPosition = "bottom", ...rest }: Props) {
  return (
    <Tooltip
      position={tooltipPosition}
      // What it opened says more.
      disabled={rest["aria-expanded"] === true || rest["aria-expanded"] === "true"}
      label={
        <span style={{ display: "flex", gap: 8, alignItems: "center" }}>
          {label}
          {keys && <Keys keys={keys} onDark />}
        </span>
      }
    >
      <ActionIcon aria-label={label} type="button" {...rest}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
