// A link that looks like a button, with the router's checked addresses.
import { Button, type ButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { ComponentPropsWithoutRef, Ref } from "react";

interface Props extends ButtonProps, Omit<ComponentPropsWithoutRef<"a">, keyof ButtonProps> {
  ref?: Ref<HTMLAnchorElement>;
}

function AnchorButton(props: Props) {
  return <Button component="a" {...props} />;
}

export const ButtonLink = createLink(AnchorButton);
