// To what a promise is of: a conversation or a ticket.
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Id } from "@/api/types.ts";

interface Props {
  of: { conversation_id?: Id | null; number: number };
  className?: string;
  /** Beside a dialog that must not be left. */
  newTab?: boolean;
  children: ReactNode;
}

export function PromiseLink({ of, className, newTab = false, children }: Props) {
  const target = newTab ? "_blank" : undefined;
  if (!of.conversation_id) {
    return (
      <Link
        to="/tickets/$number"
        params={{ number: String(of.number) }}
        className={className}
        target={target}
      >
        {children}
      </Link>
    );
  }
  return (
    <Link
      to="/c/$view/$conversationId"
      params={{ view: "all", conversationId: of.conversation_id }}
      className={className}
      target={target}
    >
      {children}
    </Link>
  );
}
