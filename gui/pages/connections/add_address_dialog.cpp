// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/connections/add_address_dialog.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include "gui/pages/access/form_dialog.h"
#include "gui/pages/page.h"
#include "gui/widgets/fact_list.h"
#include "gui/widgets/open_dialogs.h"
#include "gui/widgets/panel.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::pages {

using presenters::AddressAdder;

AddAddressDialog::AddAddressDialog(const widgets::Theme& theme, AddressAdder& adder,
                                   QWidget* parent)
    : QDialog(parent),
      m_adder(adder),
      m_address(new QLineEdit(this)),
      m_kind(new QComboBox(this)),
      m_file(new QLineEdit(this)),
      m_facts(new widgets::FactList(theme, this)),
      m_shown(new QLabel(this)),
      m_how(widgets::mutedLabel({}, this)),
      m_fingerprint(new QLineEdit(this)) {
    const FormParts parts = buildForm(*this, theme, tr("Add a master by its address"),
                                      tr("Ask the server"), tr("Cancel"));
    m_hint = parts.hint;
    m_forward = parts.forward;
    // Of no cluster that is connected.
    widgets::OpenDialogs::keep(*this);
    constexpr int kWide = 640;
    setMinimumWidth(kWide);
    // Lines that wrap say of no height that it is too low.
    m_facts->keepLines();
    m_kind->addItem(tr("production"), QStringLiteral("production"));
    m_kind->addItem(tr("test"), QStringLiteral("test"));
    m_kind->addItem(tr("development"), QStringLiteral("development"));
    m_address->setPlaceholderText(tr("host:port, as m1.example:7443"));
    m_file->setPlaceholderText(tr("ca.pem; empty: the server is asked for it"));
    m_fingerprint->setFont(theme.monospaceFont());
    // To be read and compared: what could be copied from here would prove nothing.
    m_shown->setFont(theme.monospaceFont());
    m_shown->setWordWrap(true);
    m_how->setWordWrap(true);
    const auto field = [](QFormLayout* form, const QString& label, QWidget* widget, QWidget* row) {
        widget->setAccessibleName(label);
        form->addRow(label, row);
    };
    field(parts.fields, tr("Address"), m_address, m_address);
    field(parts.fields, tr("Kind"), m_kind, m_kind);
    field(parts.fields, tr("CA file"), m_file, fileRow());
    m_compare = new QFormLayout;
    m_compare->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_compare->setHorizontalSpacing(14);
    m_compare->addRow(tr("Server shows"), m_shown);
    field(m_compare, tr("Fingerprint"), m_fingerprint, m_fingerprint);
    // Between the form and what is wrong with it.
    constexpr int kBehindForm = 2;
    auto* column = static_cast<QVBoxLayout*>(layout());
    column->insertWidget(kBehindForm, m_facts);
    column->insertWidget(kBehindForm + 1, m_how);
    column->insertLayout(kBehindForm + 2, m_compare);
    for (QLineEdit* edit : {m_address, m_file})
        connect(edit, &QLineEdit::textChanged, this, &AddAddressDialog::take);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &AddAddressDialog::take);
    connect(m_fingerprint, &QLineEdit::textChanged, &m_adder, &AddressAdder::setFingerprint);
    connect(&m_adder, &AddressAdder::changed, this, &AddAddressDialog::update);
    m_adder.setForm({});
    update();
}

AddAddressDialog::~AddAddressDialog() {
    // An answer that is on its way is nobody's any more.
    m_adder.disconnect(this);
    m_adder.setForm({});
}

QWidget* AddAddressDialog::fileRow() {
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* choose = new QPushButton(tr("Choose…"), row);
    choose->setAutoDefault(false);
    connect(choose, &QPushButton::clicked, this, &AddAddressDialog::chooseFile);
    layout->addWidget(m_file, 1);
    layout->addWidget(choose);
    setTabOrder(m_file, choose);
    return row;
}

void AddAddressDialog::chooseFile() {
    const QString path =
        QFileDialog::getOpenFileName(this, tr("The cluster's CA certificate"), {},
                                     tr("Certificates (*.pem *.crt);;All files (*)"));
    if (!path.isEmpty()) m_file->setText(path);
}

void AddAddressDialog::take() {
    m_adder.setForm({m_address->text(), m_kind->currentData().toString(), m_file->text()});
}

void AddAddressDialog::update() {
    const bool found = m_adder.found();
    const bool compares = found && m_adder.needsFingerprint();
    m_facts->setFacts(m_adder.facts());
    m_shown->setText(m_adder.fingerprint().replace(QLatin1Char(':'), QStringLiteral(":\u200b")));
    m_shown->setAccessibleName(
        tr("Fingerprint that the server shows: %1").arg(m_adder.fingerprint()));
    m_how->setText(tr(
        "Whoever stands between could show another CA. Ask the cluster's administrator for the "
        "SHA-256 fingerprint of ca.pem, which the master's own machine prints with \"openssl x509 "
        "-in ca.pem -noout -fingerprint -sha256\", and type or paste that one below."));
    for (QWidget* one : std::initializer_list<QWidget*>{m_shown, m_fingerprint}) {
        one->setVisible(compares);
        if (QWidget* label = m_compare->labelForField(one)) label->setVisible(compares);
    }
    if (!found && !m_fingerprint->text().isEmpty()) m_fingerprint->clear();
    const bool grows = m_how->isHidden() == compares || m_facts->isHidden() == found;
    m_how->setVisible(compares);
    m_facts->setVisible(found);
    m_forward->setText(found ? tr("Add and connect") : tr("Ask the server"));
    const QString problem = found ? m_adder.addProblem() : m_adder.askProblem();
    apply(m_forward, {problem});
    m_hint->setText(m_adder.error().isEmpty() ? problem : m_adder.error());
    widgets::setLook(m_hint, m_adder.error().isEmpty() ? "muted" : "fail");
    if (grows) {
        layout()->activate();
        adjustSize();
    }
}

void AddAddressDialog::accept() {
    if (!m_adder.found()) return m_adder.ask();
    m_index = m_adder.add();
    if (m_index >= 0) QDialog::accept();
}

}  // namespace ifrit::gui::pages
