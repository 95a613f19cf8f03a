// The folder that relative paths start from, for the path package.

import { settings } from "node:native";

export const cwd = () => settings()[2] || "/";

export default { cwd };
