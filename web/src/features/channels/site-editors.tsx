// Editors of the settings that only a chat on a site has. Each one holds its own shape and always gives a whole value.
import type { ComponentType } from "react";
import { AutoOpenEditor } from "./editor-auto-open.tsx";
import { ChooserEditor } from "./editor-chooser.tsx";
import { ConsentEditor } from "./editor-consent.tsx";
import { FieldsEditor } from "./editor-fields.tsx";
import { HoursEditor } from "./editor-hours.tsx";
import { OffsetsEditor } from "./editor-offsets.tsx";
import { OriginsEditor } from "./editor-origins.tsx";
import { TextsEditor } from "./editor-texts.tsx";
import type { JsonEditorProps } from "./json-field.tsx";

export const siteEditors: Record<string, ComponentType<JsonEditorProps>> = {
  offsets: OffsetsEditor,
  texts: TextsEditor,
  fields: FieldsEditor,
  consent: ConsentEditor,
  auto_open: AutoOpenEditor,
  chooser: ChooserEditor,
  hours: HoursEditor,
  allowed_origins: OriginsEditor,
};
