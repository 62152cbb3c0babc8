/** Templates, their settings and their parts as lines. */
import type { SessionPolicyDetail } from '#shared/contract/policy';
import type { Capability, Settings, StartupFile, Template, TemplateDetail } from '#shared/contract/template';

export const templateTableHeader = ['TEMPLATE ID', 'NAME', 'ENGINE', 'ACTIVE', 'CREATED'];

export function templateRow(template: Template): string[] {
  return [template.id, template.name, template.engine, yesNo(template.is_active), template.created_at];
}

export function templateDetailLines({ template, settings, capabilities, startup_files }: TemplateDetail): string[] {
  return [
    `Template: ${template.name}`,
    `ID: ${template.id}`,
    `Engine: ${template.engine}`,
    `Active: ${yesNo(template.is_active)}`,
    `Created: ${template.created_at}`,
    `Updated: ${template.updated_at}`,
    ...grantLines({
      settings,
      modules: template.exposed_modules,
      libraries: template.libraries,
      capabilities,
      startup_files,
    }),
  ];
}

/** What a session may do, in the words of the template it was made from. */
export function policyContentLines({ engine, ...content }: SessionPolicyDetail['content']): string[] {
  return [`Engine: ${engine}`, ...grantLines(content)];
}

type Grants = Omit<SessionPolicyDetail['content'], 'template_name' | 'engine'>;

function grantLines({ settings, modules, libraries, capabilities, startup_files }: Grants): string[] {
  return [
    ...settingsLines(settings),
    ...section('Modules:', modules),
    ...section('Libraries:', libraries),
    ...section('Capabilities:', capabilities.map(capabilityText)),
    ...section('Startup Files:', startup_files.map(startupFileText)),
  ];
}

export function settingsLines({ limits, resolver, runtime }: Omit<Settings, 'vm_id'>): string[] {
  return [
    `Limits: ${JSON.stringify(limits)}`,
    `Resolver: ${JSON.stringify(resolver)}`,
    `Runtime: ${JSON.stringify(runtime)}`,
  ];
}

export const capabilityTableHeader = ['CAPABILITY ID', 'KIND', 'NAME', 'ENABLED', 'CONFIG'];

export function capabilityRow({ id, kind, name, enabled, config }: Capability): string[] {
  return [id, kind, name, yesNo(enabled), JSON.stringify(config)];
}

export const startupFileTableHeader = ['STARTUP FILE ID', 'ORDER', 'MODE', 'PATH'];

export function startupFileRow(file: StartupFile): string[] {
  return [file.id, String(file.order_index), file.mode, file.path];
}

function capabilityText({ kind, name, enabled, config }: Capability): string {
  return `${kind}:${name} (${enabled ? 'enabled' : 'disabled'}) ${JSON.stringify(config)}`;
}

function startupFileText(file: StartupFile): string {
  return `[${file.order_index}] ${file.path} (${file.mode})`;
}

function section(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [title, ...items.map((item) => `  ${item}`)];
}

export function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
