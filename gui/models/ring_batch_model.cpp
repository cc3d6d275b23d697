// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/ring_batch_model.h"

#include "gui/models/text_format.h"

namespace ifrit::gui::models {
namespace {

using Column = RingBatchModel::Column;

/// A count: shown in groups, sorted as a number.
Column number(ColumnTitle title, qint64 RingBatch::*member) {
    return {std::move(title),
            [member](const RingBatch& batch) { return grouped(batch.*member); },
            CellStyle::Number,
            {},
            [member](const RingBatch& a, const RingBatch& b) { return a.*member < b.*member; }};
}

std::vector<Column> columns() {
    return {
        {{"batch", [] { return RingBatchModel::tr("Batch"); }},
         [](const RingBatch& batch) { return batch.name; },
         CellStyle::Plain,
         {},
         [](const RingBatch& a, const RingBatch& b) { return a.batch < b.batch; }},
        {{"state", [] { return RingBatchModel::tr("State"); }},
         {},
         CellStyle::Plain,
         [](const RingBatch& batch) { return batch.look; },
         {}},
        {{"share", [] { return RingBatchModel::tr("Share"); }},
         [](const RingBatch& batch) { return percent(batch.share, 1.0); },
         CellStyle::Number,
         {},
         [](const RingBatch& a, const RingBatch& b) { return a.share < b.share; }},
        number({"machines", [] { return RingBatchModel::tr("Machines"); }}, &RingBatch::machines),
        number({"failing", [] { return RingBatchModel::tr("Failing"); }}, &RingBatch::failing),
        number({"virtual_nodes", [] { return RingBatchModel::tr("Virtual nodes"); }},
               &RingBatch::nodes)};
}

}  // namespace

RingBatchModel::RingBatchModel(QObject* parent)
    : RecordTableModel(
          columns(), [](const RingBatch& batch) { return QString::number(batch.batch); }, parent) {}

}  // namespace ifrit::gui::models
