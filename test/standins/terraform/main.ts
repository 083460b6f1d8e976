import { createAzurerm } from './azurerm/provider.ts';
import { servePlugin } from './plugin-server.ts';
import { createService } from './service.ts';
import { createTime } from './time.ts';

// Terraform starts it by the launchers of cli-config.ts: main.ts azurerm | time.
const provider = process.argv[2] === 'time' ? createTime() : createAzurerm(process.env);
await servePlugin(createService(provider));
