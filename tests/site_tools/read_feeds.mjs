// What feedsmith, a reader in another language, finds in the documents named: one JSON value for all of them.
import { readFileSync } from "node:fs";
import { parseFeed } from "feedsmith";

const read = process.argv.slice(2).map((path) => parseFeed(readFileSync(path, "utf8")));
process.stdout.write(JSON.stringify(read));
