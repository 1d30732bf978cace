// A mark for each type of field.
import {
  IconAlignLeft,
  IconCalendar,
  IconEyeOff,
  IconList,
  IconMail,
  IconNumbers,
  IconPaperclip,
  IconPhone,
  IconSquareCheck,
  IconTypography,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { FormFieldType } from "@/api/types.ts";

const icon = { size: 18, stroke: 1.5, style: { flex: "none" } } as const;

export const fieldIcons: Record<FormFieldType, ReactNode> = {
  text: <IconTypography {...icon} />,
  long_text: <IconAlignLeft {...icon} />,
  email: <IconMail {...icon} />,
  phone: <IconPhone {...icon} />,
  number: <IconNumbers {...icon} />,
  date: <IconCalendar {...icon} />,
  choice: <IconList {...icon} />,
  checkbox: <IconSquareCheck {...icon} />,
  file: <IconPaperclip {...icon} />,
  hidden: <IconEyeOff {...icon} />,
};
