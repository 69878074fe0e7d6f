// Copies a link or an image to the clipboard; where the browser refuses, says so and what to do instead.
// The image is drawn by the server once it is asked for: `waiting` takes it, or why there is none, when it comes.
const waiting = new WeakMap();
const PATIENCE = 20000; // milliseconds

export default function ({ data, parentElement, setTriggerValue }) {
  const [link, image] = parentElement.querySelectorAll("button");
  const said = parentElement.querySelector("[role=status]");
  const say = (text) => { said.textContent = text; };

  link.onclick = async () => {
    const address = new URL(data.link, window.location.origin).href;
    try {
      await navigator.clipboard.writeText(address);
      say("Link copied.");
    } catch {
      say(`This browser does not let a page copy. The link is ${address}`);
    }
  };

  image.onclick = async () => {
    say("Drawing …");
    let why = "This browser does not let a page copy an image. Take the PNG.";
    const drawn = new Promise((take, refuse) => {
      waiting.set(parentElement, { take, refuse: (said) => { why = said; refuse(); } });
      setTimeout(refuse, PATIENCE);
    });
    drawn.catch(() => {});
    setTriggerValue("asked", true);
    try {
      // Browsers copy only within a click, so they are given the promise at once.
      await navigator.clipboard.write([new ClipboardItem({ "image/png": drawn })]);
      say("Image copied.");
    } catch {
      say(why);
    }
  };

  const asker = waiting.get(parentElement);
  if (!asker || !(data.image || data.refused)) return;
  waiting.delete(parentElement);
  if (data.refused) {
    asker.refuse(data.refused);
    return;
  }
  const bytes = Uint8Array.from(atob(data.image), (character) => character.charCodeAt(0));
  asker.take(new Blob([bytes], { type: "image/png" }));
}
