// What Gradio's browser half sends and hears, made safe against two losses of its own. It hears the answers to all its
// events on one stream, which the server ends as soon as none is under way; an event that is sent while that farewell
// still travels would be answered on no stream, and the page would wait for ever. So a stream that says farewell while an
// event is out is followed by another, unnoticed. And it drops a click while it takes the same event to be under way; so
// each event that does leave is told of, and who clicked can click again.
"use strict";
const wenjuStream = (() => {
  const plain = window.fetch.bind(window);
  const out = new Set(); // events that were sent and not completed; a symbol for each whose name is not known yet
  const early = new Set(); // completed before their name was known

  const join = async (request, options) => {
    const unnamed = Symbol("sent");
    out.add(unnamed);
    document.dispatchEvent(new CustomEvent("wenju-sent", { detail: JSON.parse(options.body) }));
    try {
      const response = await plain(request, options);
      if (response.ok) {
        const { event_id: event } = await response.clone().json();
        if (!early.delete(event)) out.add(event);
      }
      return response;
    } finally { out.delete(unnamed); }
  };

  // Whether this is a farewell; what is completed is no longer out.
  const parting = (message) => {
    if (!message.includes("process_completed") && !message.includes("close_stream")) return false;
    const { msg, event_id: event } = JSON.parse(message.slice(message.indexOf("{")));
    if (msg === "process_completed" && !out.delete(event)) early.add(event);
    return msg === "close_stream";
  };

  // Hand on one stream's messages; true where another stream must follow.
  const pump = async (response, controller) => {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = ""; ;) {
      const { value, done } = await reader.read();
      if (done) return false;
      const messages = (rest + value).split("\n\n");
      rest = messages.pop();
      for (const message of messages) {
        const last = parting(message);
        if (last && out.size > early.size) return true;
        controller.enqueue(`${message}\n\n`);
        if (last) return false;
      }
    }
  };

  const listen = async (request) => {
    const first = await plain(request.clone());
    if (!first.ok) return first;
    const messages = new ReadableStream({
      async start(controller) {
        try {
          for (let response = first; await pump(response, controller);) response = await plain(request.clone());
          controller.close();
        } catch (error) { controller.error(error); }
      },
    });
    return new Response(messages.pipeThrough(new TextEncoderStream()), { status: first.status, headers: first.headers });
  };

  window.fetch = (request, options) => {
    const { pathname } = new URL(request.url ?? request, location.href);
    if (pathname.endsWith("/queue/join") && options?.body) return join(request, options);
    if (pathname.endsWith("/queue/data")) return listen(new Request(request, options));
    return plain(request, options);
  };

  // Click until the event has left that carries `text` first. `ready` says whether it may be tried; `givenUp` ends it.
  const press = (text, button, ready, givenUp) => {
    const heard = ({ detail }) => { if (detail.data?.[0] === text) end(); };
    const end = () => { clearInterval(trying); document.removeEventListener("wenju-sent", heard); };
    const attempt = () => {
      if (givenUp()) end();
      else if (ready()) document.getElementById(button)?.click();
    };
    document.addEventListener("wenju-sent", heard);
    const trying = setInterval(attempt, 250);
    setTimeout(attempt, 0);
    return end;
  };
  return { press };
})();
