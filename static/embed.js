// <add-card-button wallet issuer return lang><a href>: the link stays the page's, and no click is listened to.
const words = {
  en: "Add a card from your bank",
  de: "Karte Ihrer Bank hinzufügen",
  fr: "Ajouter une carte de votre banque",
  es: "Añadir una tarjeta de su banco",
  pt: "Adicionar um cartão do seu banco",
  pl: "Dodaj kartę ze swojego banku",
  ar: "إضافة بطاقة من بنكك",
  ja: "銀行のカードを追加",
};

// Made by script: no style-src has to allow it. !important is what readers and fingers need.
const sheet = new CSSStyleSheet();
sheet.replaceSync(`
:host { display: inline-block; position: relative; max-width: 100%; }
:host([hidden]) { display: none; }
::slotted(a) { display: inline-flex; align-items: center; box-sizing: border-box;
  min-height: max(44px, var(--add-card-height, 3em)) !important; padding: .5em 1.25em; padding-inline-start: 3.25em;
  color: var(--add-card-fg, #fff) !important; background: var(--add-card-bg, #0b5a4e) !important;
  border: 1px solid var(--add-card-border, transparent); border-radius: var(--add-card-radius, .75em);
  font: var(--add-card-font, 600 1em/1.25 system-ui, sans-serif); text-decoration: none; }
::slotted(a:focus-visible) { outline: 3px solid #5a3fd0 !important; outline-offset: 2px; }
svg { position: absolute; inset-block: 0; inset-inline-start: 1.25em; margin-block: auto; width: 1.375em; height: 1.375em;
  color: var(--add-card-fg, #fff); pointer-events: none; }
`);

function draw(name, attributes) {
  const shape = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const key in attributes) shape.setAttribute(key, attributes[key]);
  return shape;
}

class AddCardButton extends HTMLElement {
  static observedAttributes = ["wallet", "issuer", "return", "lang"];

  constructor() {
    super();
    const slot = document.createElement("slot");
    slot.addEventListener("slotchange", () => this.upgrade());
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    const icon = draw("svg", { part: "icon", viewBox: "0 0 24 24", "aria-hidden": true });
    icon.append(draw("path", { d: "M12 19H3V5h18v8M3 9h18M18 15v6M15 18h6", fill: "none", stroke: "currentColor", "stroke-width": 2 }));
    root.append(slot, icon);
  }

  attributeChangedCallback() {
    this.upgrade();
  }

  upgrade() {
    const link = this.querySelector(":scope > a");
    if (!link) return;
    const [wallet, issuer, back] = ["wallet", "issuer", "return"].map((name) => this.getAttribute(name));
    if (/^https?:/i.test(wallet)) {
      const url = new URL(issuer ? "/issuers/" + encodeURIComponent(issuer) : "/issuers", wallet);
      if (back) url.searchParams.set("return", back);
      link.href = url.href;
    }
    const language = (this.lang || (link.textContent.trim() ? "" : this.closest("[lang]")?.lang || "en")).split("-")[0];
    const text = words[language.toLowerCase()];
    if (text) {
      link.textContent = text;
      link.lang = language;
      this.dir = language === "ar" ? "rtl" : "ltr";
    }
  }
}

if (!customElements.get("add-card-button")) customElements.define("add-card-button", AddCardButton);
