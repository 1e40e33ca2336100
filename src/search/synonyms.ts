/** Words that people and tools use for one another. @module */

import { stemWord } from "./words.ts";

/** Each line is one idea; words of several ideas stand in several lines. */
const groups = `
delete remove erase destroy drop
create make add new insert write
list show exist browse
get fetch read retrieve view show
update change edit modify set rename
find search lookup query
send post push publish
start run launch execute trigger
stop cancel end terminate abort
folder directory
picture image photo
price pricing cost
person people user colleague employee
repo repository
db database
doc document docs documentation
app application
org organization
config configuration settings
env environment
k8s kubernetes
pr pull
mr merge
sms message text
url link website page
error failure fail exception
mail email
bug issue ticket
calendar event meeting appointment
`;

const synonyms = new Map<string, Set<string>>();
for (const group of groups.trim().split("\n")) {
  const stems = group.split(" ").map(stemWord).filter((stem) => stem !== undefined);
  for (const stem of stems) {
    synonyms.set(stem, new Set([...synonyms.get(stem) ?? [], ...stems]));
  }
}

/** Stems that may stand for a stem; without itself. */
export function synonymsOf(stem: string): string[] {
  return [...synonyms.get(stem) ?? []].filter((other) => other !== stem);
}
