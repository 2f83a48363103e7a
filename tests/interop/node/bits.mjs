// In: {encoded, length, set: [position]} on stdin.
// Out: {version, read: every position that is set in `encoded`, encoded: its own of `set`}

import './offline.mjs';
import {readFileSync} from 'node:fs';
import * as status from '@digitalbazaar/vc-bitstring-status-list';
import {version} from './documents.mjs';

const asked = JSON.parse(readFileSync(0, 'utf8'));
const theirs = await status.decodeList({encodedList: asked.encoded});
const read = [];
for(let position = 0; position < theirs.length; position++) {
  if(theirs.getStatus(position)) {
    read.push(position);
  }
}
const own = await status.createList({length: asked.length});
for(const position of asked.set) {
  own.setStatus(position, true);
}
process.stdout.write(JSON.stringify({
  version: version('@digitalbazaar/vc-bitstring-status-list'),
  read, length: theirs.length, encoded: await own.encode()
}));
