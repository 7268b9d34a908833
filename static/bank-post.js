// The one page of the banks with a script: it sends its form at once, as issuers' pages do that return with POST.
document.querySelector("form[data-auto]").submit();
