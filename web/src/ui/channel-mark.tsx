// The small mark of a channel: by what somebody writes to us. Drawn in the colour of the text; cards and menus may ask for its own colour.
import {
  IconAddressBook,
  IconBrandTelegram,
  IconBrandVk,
  IconBrandWhatsapp,
  IconClipboardText,
  IconMail,
  IconMessageCircle,
  IconPhone,
  IconPlugConnected,
  IconUsersGroup,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { ChannelKindName, Identity } from "@/api/types.ts";
import styles from "./channel-mark.module.css";

/** Channels, and the kinds of a client's addresses. */
export type MarkKind = ChannelKindName | Identity["kind"];

interface Props {
  kind: MarkKind;
  size?: number;
  stroke?: number;
  colored?: boolean;
}

export function ChannelMark({ kind, size = 16, stroke = 1.5, colored = false }: Props) {
  return (
    <span
      className={styles.mark}
      data-kind={colored ? kind : undefined}
      style={{ width: size, height: size }}
      aria-hidden="true"
    >
      {drawn(kind, size, stroke)}
    </span>
  );
}

function drawn(kind: MarkKind, size: number, stroke: number): ReactNode {
  const icon = { size, stroke };
  switch (kind) {
    case "email":
      return <IconMail {...icon} />;
    case "manual":
    case "phone":
      return <IconPhone {...icon} />;
    case "telegram":
      return <IconBrandTelegram {...icon} />;
    case "vk":
      return <IconBrandVk {...icon} />;
    case "whatsapp":
      return <IconBrandWhatsapp {...icon} />;
    case "max":
      return <MaxMark {...icon} />;
    case "viber":
      return <ViberMark {...icon} />;
    case "form":
      return <IconClipboardText {...icon} />;
    case "group":
      return <IconUsersGroup {...icon} />;
    case "custom":
      return <IconPlugConnected {...icon} />;
    case "site_user":
      return <IconAddressBook {...icon} />;
    default:
      return <IconMessageCircle {...icon} />;
  }
}

interface Stroke {
  size: number;
  stroke: number;
}

const line = ({ size, stroke }: Stroke) =>
  ({
    width: size,
    height: size,
    viewBox: "0 0 24 24",
    fill: "none",
    stroke: "currentColor",
    strokeWidth: stroke,
    strokeLinecap: "round",
    strokeLinejoin: "round",
    "aria-hidden": true,
  }) as const;

/** A round bubble with its tail and a letter. */
function MaxMark(props: Stroke) {
  return (
    <svg {...line(props)}>
      <title>MAX</title>
      <path d="M4.2 20.2c-.8-2-1.2-5.400-1.200-8.200a9 9 0 1 1 9 9c-1.700 0-3.200-.5-4.500-1.300-.8.900-2.100 1.300-3.300.5z" />
      <path d="M8.500 15v-6l3.500 4 3.500-4v6" />
    </svg>
  );
}

/** A bubble with a handset. */
function ViberMark(props: Stroke) {
  return (
    <svg {...line(props)}>
      <title>Viber</title>
      <path d="M12 3c5.500 0 8.500 2.200 8.500 7.500s-3 7.500-8.500 7.500c-.6 0-1.200 0-1.700-.1l-3.300 3.100v-4c-2.400-1.200-3.500-3.300-3.500-6.500 0-5.300 3-7.500 8.500-7.500z" />
      <path d="M9 7.500c-.8.500-1 1.200-.6 2.200a9 9 0 0 0 4.400 4.300c1 .4 1.700.1 2.200-.7l-1.700-1.300-.9.700a5 5 0 0 1-2.300-2.300l.6-.9z" />
    </svg>
  );
}
