import { z } from 'zod';

// Zod compiles its parsers with `new Function`, which a Content-Security-Policy forbids. Imported first of all.
z.config({ jitless: true });
