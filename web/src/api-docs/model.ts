// The parts of an OpenAPI 3.1 document that the page shows, and how a schema reads in words. Pure.

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: unknown[];
  const?: unknown;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
  default?: unknown;
  additionalProperties?: Schema | boolean;
}
export interface Parameter {
  name: string;
  in: "path" | "query" | "header" | "cookie";
  description?: string;
  required?: boolean;
  schema?: Schema;
}
export interface Operation {
  tags?: string[];
  summary?: string;
  description?: string;
  operationId?: string;
  parameters?: Parameter[];
  requestBody?: { description?: string; content: Record<string, { schema?: Schema }> };
  responses: Record<string, { description?: string; content?: Record<string, { schema?: Schema }> }>;
  security?: Record<string, string[]>[];
}
export interface OpenApi {
  openapi: string;
  info: { title: string; version: string; description?: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas?: Record<string, Schema> };
}

export interface Call {
  id: string;
  method: string;
  path: string;
  tag: string;
  operation: Operation;
}

const methods = ["get", "post", "put", "patch", "delete"];

/** Every operation, by tag; tags by name, operations in the document's order. */
export function callsByTag(document: OpenApi): Map<string, Call[]> {
  const found = new Map<string, Call[]>();
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const method of methods) {
      const operation = operations[method];
      if (!operation) continue;
      const tag = operation.tags?.[0] ?? "other";
      const call: Call = {
        id: operation.operationId ?? `${method}-${path}`,
        method: method.toUpperCase(),
        path,
        tag,
        operation,
      };
      found.set(tag, [...(found.get(tag) ?? []), call]);
    }
  }
  return new Map([...found].sort(([a], [b]) => a.localeCompare(b)));
}

export const refName = (schema: Schema): string | null => schema.$ref?.split("/").pop() ?? null;

export function resolve(document: OpenApi, schema: Schema): Schema {
  const name = refName(schema);
  return name ? (document.components.schemas?.[name] ?? {}) : schema;
}

/** A type in one line: "string (date-time) or null", "ConversationRow[]", "open | snoozed | closed". */
export function typeOf(document: OpenApi, schema: Schema | undefined, depth = 0): string {
  if (!schema) return "any";
  const name = refName(schema);
  if (name) {
    const target = resolve(document, schema);
    // An id or an enumeration says more than its name.
    const plain =
      target.enum !== undefined ||
      (typeof target.type === "string" && target.type !== "object" && target.type !== "array");
    return plain && depth < 4 ? typeOf(document, target, depth + 1) : name;
  }
  if (schema.enum) return schema.enum.map(String).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const union = schema.oneOf ?? schema.anyOf;
  if (union) return [...new Set(union.map((each) => typeOf(document, each, depth + 1)))].join(" or ");
  if (schema.allOf) return schema.allOf.map((each) => typeOf(document, each, depth + 1)).join(" and ");
  const types = Array.isArray(schema.type)
    ? schema.type
    : [schema.type ?? (schema.properties ? "object" : "any")];
  return types
    .map((type) => {
      if (type === "array") return `${wrapped(typeOf(document, schema.items, depth + 1))}[]`;
      return schema.format && type !== "null" ? `${type} (${schema.format})` : type;
    })
    .join(" or ");
}

const wrapped = (type: string) => (/ (or|and|\|) /.test(type) ? `(${type})` : type);

export interface Field {
  name: string;
  type: string;
  required: boolean;
  description: string;
  /** What it is made of, when it is an object or a list of objects. */
  inside: Schema | null;
}

/** The fields of an object, with those of everything it extends. */
export function fieldsOf(document: OpenApi, schema: Schema | undefined): Field[] {
  if (!schema) return [];
  const target = resolve(document, schema);
  const own = Object.entries(target.properties ?? {}).map(([name, property]) => ({
    name,
    type: typeOf(document, property),
    required: target.required?.includes(name) ?? false,
    description: property.description ?? resolve(document, property).description ?? "",
    inside: insideOf(document, property),
  }));
  const inherited = (target.allOf ?? []).flatMap((each) => fieldsOf(document, each));
  return [...inherited, ...own];
}

/** The object behind a reference, a list or "or null"; null for plain values. */
export function insideOf(document: OpenApi, schema: Schema | undefined): Schema | null {
  if (!schema) return null;
  const target = resolve(document, schema);
  if (target.items) return insideOf(document, target.items);
  if (target.properties || target.allOf) return target;
  const choices = (target.oneOf ?? target.anyOf ?? [])
    .map((each) => insideOf(document, each))
    .filter((each) => each !== null);
  return choices.length === 1 ? (choices[0] ?? null) : choices.length > 1 ? { allOf: choices } : null;
}

/** A body to start from: every required field with a value of its type. */
export function example(document: OpenApi, schema: Schema | undefined, depth = 0): unknown {
  if (!schema || depth > 5) return null;
  const target = resolve(document, schema);
  if (target.default !== undefined) return target.default;
  if (target.enum) return target.enum[0];
  if (target.allOf)
    return Object.assign({}, ...target.allOf.map((each) => example(document, each, depth + 1)));
  const choice = (target.oneOf ?? target.anyOf)?.find((each) => each.type !== "null");
  if (choice) return example(document, choice, depth + 1);
  const type = Array.isArray(target.type) ? target.type.find((each) => each !== "null") : target.type;
  if (type === "array") return [];
  if (type === "integer" || type === "number") return 0;
  if (type === "boolean") return false;
  if (target.properties) {
    const names = target.required ?? Object.keys(target.properties);
    return Object.fromEntries(
      names.map((name) => [name, example(document, target.properties?.[name], depth + 1)]),
    );
  }
  return type === "string" ? "" : null;
}
