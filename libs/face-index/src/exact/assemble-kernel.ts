import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openWabt from 'wabt';
import { KERNEL_FILE } from './kernel';

/** A step of the build: at run time the assembler would cost 7 MB for 400 bytes of code. */
async function main(): Promise<void> {
  const source = join(__dirname, '..', '..', 'src', 'exact', 'kernel.wat');
  const wabt = await openWabt();
  const parsed = wabt.parseWat(source, readFileSync(source, 'utf8'), { simd: true });
  writeFileSync(KERNEL_FILE, parsed.toBinary({}).buffer);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
